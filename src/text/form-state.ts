import type { Joint, Modality, PredicateForm } from './predicate-form.ts';
import {
  contraryAfterCondition,
  counterfactual,
  unfinishedCondition,
  wishAfterCondition,
} from './predicate-patterns.ts';
import type { Token } from './tokenizer.ts';

/** A form holds fewer words than this. */
const longestForm = 24;

/** What has been read of a predicate's form so far, and where. */
export class FormState {
  readonly tokens: readonly Token[];
  /** The token that the form begins with. */
  readonly first: number;
  /** The words of the form at most, joined. */
  readonly text: string;
  /** Where each of them begins in `text`, and its length at the end. */
  readonly offsets: readonly number[];
  /** The token in hand. */
  index: number;
  wordEnd: number;
  negations = 0;
  contrary = false;
  tense: 'past' | 'present' = 'present';
  modality: Modality = 'stated';
  asserts = false;
  excessive = false;
  emphatic = false;
  favour = false;
  passive = false;
  causative = false;
  reported = false;

  constructor(tokens: readonly Token[], end: number) {
    this.tokens = tokens;
    this.first = end;
    this.index = end;
    this.wordEnd = end;
    const offsets: number[] = [];
    let text = '';
    for (let index = end; index < Math.min(tokens.length, end + longestForm); index += 1) {
      const token = tokens[index];
      if (token === undefined) break;
      offsets.push(text.length);
      text += token.surface;
    }
    this.offsets = [...offsets, text.length];
    this.text = text;
  }

  /** Whether all words that a form may have are read. */
  isAtEnd(): boolean {
    return this.index >= this.first + this.offsets.length - 1;
  }

  /** Where the token in hand, or one `ahead` of it, begins in `text`; undefined behind its end. */
  offset(ahead = 0): number | undefined {
    return this.offsets[this.index + ahead - this.first];
  }

  /** Takes a word that only leads on. */
  take(): undefined {
    this.index += 1;
    return undefined;
  }

  /** Takes a word that inflects the predicate. */
  takeWord(): undefined {
    this.index += 1;
    this.wordEnd = this.index;
    return undefined;
  }

  deny(): undefined {
    this.negations += 1;
    return this.takeWord();
  }

  /** Takes the word that joins the predicate to what follows. */
  end(joint: Joint): Joint {
    this.index += 1;
    return joint;
  }

  /** ても: supposed, whatever follows. */
  concession(): Joint {
    this.suppose();
    return this.end('condition');
  }

  /** 驚くほど早い and 期待したほど良くない are no statements of their own. */
  compare(): Joint {
    this.reported = true;
    return this.end('adnominal');
  }

  suppose(): void {
    if (this.modality === 'stated') this.modality = 'conditional';
  }

  wish(contrary: boolean): void {
    this.modality = 'wished';
    if (contrary) this.contrary = true;
  }

  /** After ば, たら, なら and と: a wish, a wish not granted, or a supposition. */
  condition(kind: 'ば' | 'たら' | 'なら' | 'と'): Joint {
    this.index += 1;
    const rest = this.text.slice(this.offset() ?? this.text.length);
    if (kind !== 'と' && kind !== 'なら' && unfinishedCondition.test(rest)) this.wish(true);
    else if (wishAfterCondition.test(rest)) this.wish(contraryAfterCondition.test(rest));
    else if (kind !== 'と' && counterfactual.test(rest)) this.wish(true);
    else this.suppose();
    return 'condition';
  }

  /** The form, once it has ended in a joint. */
  form(joint: Joint): PredicateForm {
    const negated = this.negations % 2 === 1;
    return {
      // Denied and wished to be so, it is the case: 高くなければいいのに.
      negated: negated && !this.contrary,
      holds: negated === this.contrary,
      tense: this.tense,
      modality: this.modality,
      asserts: this.asserts,
      excessive: this.excessive,
      emphatic: this.emphatic,
      favour: this.favour,
      passive: this.passive,
      causative: this.causative,
      contrary: this.contrary,
      reported: this.reported,
      joint,
      wordEnd: this.wordEnd,
      end: this.index,
    };
  }
}
