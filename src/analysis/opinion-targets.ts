import { type Bunsetsu, isAdverbial } from '../text/bunsetsu.ts';
import type { Expression } from './expression.ts';
import type { SentenceStructure } from './sentence-structure.ts';
import { type Target, TargetNouns } from './target-nouns.ts';

/**
 * What each expression judges, as many lists as expressions: the noun it modifies, else the が, も, は or bare nouns of
 * its clause, else に and を where the expression takes them, else what the clauses before it were about.
 */
export function findTargets(structure: SentenceStructure, expressions: readonly Expression[]): Target[][] {
  return new TargetFinder(structure, expressions).all();
}

class TargetFinder {
  readonly #structure: SentenceStructure;
  readonly #expressions: readonly Expression[];
  readonly #nouns: TargetNouns;
  /** The last expression of each phrase. */
  readonly #expressionOf = new Map<number, Expression>();
  /** Subjects of clauses already asked for. */
  readonly #subjects = new Map<number, readonly Target[]>();

  constructor(structure: SentenceStructure, expressions: readonly Expression[]) {
    this.#structure = structure;
    this.#expressions = expressions;
    this.#nouns = new TargetNouns(structure, (phrase) => this.#expressionOf.has(phrase));
    for (const expression of expressions) if (judges(expression)) this.#expressionOf.set(expression.phrase, expression);
  }

  all(): Target[][] {
    return this.#expressions.map((expression) => unique(this.#targetsOf(expression)));
  }

  #targetsOf(expression: Expression): readonly Target[] {
    const { phrases, heads } = this.#structure;
    const phrase = phrases[expression.phrase];
    if (phrase === undefined) return [];
    if (isAdverbial(phrase, expression.form)) return this.#ofAdverb(expression);
    if (phrase.form === undefined && phrase.kind === 'noun') {
      if (expression.phrase === expression.lastPhrase || this.#exists(expression.lastPhrase))
        return this.#ofNoun(expression);
    }
    const own = this.#arguments(expression.phrase, ['subject', 'possessive'], expression);
    if (own.length > 0) return own;
    // コスパ最強のプラン
    const beside = this.#arguments(expression.phrase, ['bare'], expression);
    if (beside.length > 0 && phrases[expression.phrase - 1]?.role === 'bare' && phrase.role === 'adnominal')
      return beside;
    const modifying = this.#modifying(expression.lastPhrase);
    if (modifying !== undefined) {
      const modified = this.#nouns.nounAt(heads[modifying] ?? -1);
      if (modified !== undefined) return [modified];
    }
    const others = this.#argumentsBySort(expression.phrase, expression);
    if (others.length > 0) return others;
    return modifying !== undefined ? [] : this.#inherited(expression.phrase, expression);
  }

  /** The adnominal phrase that a phrase is or goes on to: 清潔で of 清潔で広い部屋. */
  #modifying(index: number): number | undefined {
    const { phrases, heads } = this.#structure;
    if (phrases[index]?.role === 'adnominal') return index;
    const head = heads[index] ?? -1;
    return phrases[index]?.role === 'clause' && phrases[head]?.role === 'adnominal' ? head : undefined;
  }

  /** も and bare nouns before は; に and を where the expression takes them. */
  #argumentsBySort(index: number, expression: Expression): readonly Target[] {
    const near = this.#arguments(index, ['also', 'bare'], expression);
    if (near.length > 0) return near;
    const topic = this.#arguments(index, ['topic'], expression);
    // 料理はまあまあ、サービスは最高: of two topics the nearer one.
    if (topic.length > 0) return this.#nearest(index, expression, topic);
    // 会計に時間がかかる: the expression has brought its own subject.
    if ((this.#structure.phraseOf[expression.first] ?? index) < index) {
      const place = this.#arguments(index, ['dative'], expression);
      if (place.length > 0) return place;
    }
    const { favour, causative } = expression.form;
    const passive = expression.form.passive || /[さらわかがたばまな]れる$/.test(expression.lemma);
    const verbal =
      this.#structure.phrases[index]?.kind === 'verb' ||
      passive ||
      causative ||
      takesCause(expression) ||
      this.#exists(index);
    if (!verbal) return [];
    if (passive || favour || causative) {
      return this.#firstOf(index, expression, ['object', 'dative']);
    }
    return takesCause(expression)
      ? this.#firstOf(index, expression, ['dative', 'object', 'oblique'])
      : this.#firstOf(index, expression, this.#exists(index) ? ['dative'] : ['object']);
  }

  #nearest(index: number, expression: Expression, topics: readonly Target[]): readonly Target[] {
    const { phrases } = this.#structure;
    const of = this.#dependentsOf(index, expression).filter((each) => phrases[each]?.role === 'topic');
    const last = of.at(-1);
    if (of.length < 2 || last === undefined) return topics;
    const own = this.#nouns.nounAt(last);
    return own === undefined ? topics : [...this.#coordinated(last), own];
  }

  #firstOf(index: number, expression: Expression, roles: readonly Bunsetsu['role'][]): readonly Target[] {
    for (const role of roles) {
      const found = this.#arguments(index, [role], expression);
      if (found.length > 0) return found;
    }
    return [];
  }

  /** 丁寧に対応した: who did it, or what was done. */
  #ofAdverb(expression: Expression): readonly Target[] {
    const { phrases, heads, tokens } = this.#structure;
    const head = heads[expression.phrase] ?? -1;
    const verb = phrases[head];
    if (verb === undefined) return [];
    const own = this.#arguments(expression.phrase, ['subject', 'also', 'bare', 'topic'], expression);
    if (own.length > 0) return own;
    const subject = this.#firstOf(head, expression, ['subject', 'also', 'topic', 'bare']);
    if (subject.length > 0) return subject;
    if (verb.form?.passive || tokens[verb.first]?.lemma === 'する') {
      const done = this.#firstOf(head, expression, ['object', 'dative']);
      if (done.length > 0) return done;
    }
    const last = tokens[verb.contentEnd - 1];
    return last?.detail === 'サ変接続' && !this.#expressionOf.has(head) ? [this.#nouns.target(verb)] : [];
  }

  /** サービスの低下が目立つ, デザインに高級感がある: whose it is, or where. */
  #ofNoun(expression: Expression): readonly Target[] {
    const { heads, phrases } = this.#structure;
    const owner = this.#arguments(expression.phrase, ['possessive'], expression);
    if (owner.length > 0) return owner;
    const modified = this.#nouns.nounAt(heads[expression.lastPhrase] ?? -1);
    if (phrases[expression.lastPhrase]?.role === 'adnominal' && modified !== undefined) return [modified];
    const head = expression.phrase === expression.lastPhrase ? (heads[expression.phrase] ?? -1) : expression.lastPhrase;
    if (phrases[expression.phrase]?.role === 'possessive') {
      const owned = this.#nouns.nounAt(head);
      if (owned !== undefined && phrases[head]?.kind === 'noun') return [owned];
    }
    if (phrases[head] === undefined) return [];
    const place = this.#firstOf(head, expression, ['dative', 'topic']);
    return place.length > 0 ? place : this.#inherited(head, expression);
  }

  /** ある and ない. */
  #exists(index: number): boolean {
    const { phrases, tokens } = this.#structure;
    return /^(?:ある|ない|無い|ござる|なし)$/.test(tokens[phrases[index]?.first ?? 0]?.lemma ?? '');
  }

  /** Nouns that depend on a phrase in these roles, those coordinated with them included. */
  #arguments(index: number, roles: readonly Bunsetsu['role'][], expression: Expression): Target[] {
    const { phrases } = this.#structure;
    const found: Target[] = [];
    for (const each of this.#dependentsOf(index, expression)) {
      const phrase = phrases[each];
      if (phrase === undefined || !this.#isOf(phrase, roles)) continue;
      if (phrase.first < expression.end && phrase.end > expression.first) continue;
      if (phrase.role === 'possessive' && phrases[index]?.kind === 'noun' && phrases[index]?.form === undefined) {
        // 部屋の汚れ, but not a subject of a noun.
      } else if (
        phrase.role === 'possessive' &&
        phrases[index]?.role !== 'adnominal' &&
        !this.#isOwner(each, expression)
      )
        continue;
      found.push(...this.#coordinated(each));
      const target = this.#nouns.nounAt(each);
      if (target !== undefined) found.push(target);
    }
    return found;
  }

  /** What depends on a phrase; on an expression of several phrases, what depends on any of them. */
  #dependentsOf(index: number, { first, phrase, lastPhrase }: Expression): readonly number[] {
    const { dependents, phraseOf } = this.#structure;
    // 配達員の感じが良い begins with a noun that may have an owner.
    const firstPhrase = phraseOf[first] ?? phrase;
    if (index !== phrase || firstPhrase === lastPhrase) return dependents[index] ?? [];
    return dependents.slice(firstPhrase, lastPhrase + 1).flat();
  }

  /** Whether a の belongs to the noun that an expression begins with: 配達員の感じが良い. */
  #isOwner(index: number, { first, phrase }: Expression): boolean {
    const head = this.#structure.heads[index];
    return head !== phrase && head === this.#structure.phraseOf[first];
  }

  #isOf(phrase: Bunsetsu, roles: readonly Bunsetsu['role'][]): boolean {
    const particle = this.#structure.tokens[phrase.contentEnd]?.surface;
    if (phrase.role === 'adverb' && phrase.kind === 'noun' && particle === 'に') return roles.includes('dative');
    // Of the oblique cases only で tells a cause.
    return roles.includes(phrase.role) && (phrase.role !== 'oblique' || particle === 'で');
  }

  /** A と of AとB, A の後の、 of A、B. */
  #coordinated(index: number): Target[] {
    const { phrases, dependents } = this.#structure;
    return (dependents[index] ?? []).flatMap((each) => {
      const phrase = phrases[each];
      if (phrase?.role !== 'coordinate' && !(phrase?.role === 'bare' && phrase.comma)) return [];
      const target = this.#nouns.nounAt(each);
      return target === undefined ? [] : [...this.#coordinated(each), target];
    });
  }

  /** What the clauses before were about: their subjects if they go on, else the topic. */
  #inherited(index: number, expression: Expression): readonly Target[] {
    const subjects = takesCause(expression) || isExperience(expression) ? [] : this.#subjectsBefore(index, 3);
    return subjects.length > 0 ? subjects : this.#topicBefore(index, expression);
  }

  #subjectsBefore(index: number, clauses: number): readonly Target[] {
    const known = this.#subjects.get(index);
    if (known !== undefined) return known;
    const found = clauses === 0 ? [] : this.#findSubjectsBefore(index, clauses);
    this.#subjects.set(index, found);
    return found;
  }

  #findSubjectsBefore(index: number, clauses: number): readonly Target[] {
    const { phrases, dependents } = this.#structure;
    const before = dependents[index]?.findLast((each) => {
      const phrase = phrases[each];
      return phrase?.form?.joint === 'continues' || phrase?.form?.joint === 'adverbial';
    });
    const clause = before === undefined ? undefined : phrases[before];
    if (before === undefined || clause?.form === undefined) return [];
    const expression = this.#expressionOf.get(before);
    if (expression === undefined) return [];
    const own = this.#arguments(before, ['subject', 'also', 'bare'], expression);
    return own.length > 0 ? own : this.#subjectsBefore(before, clauses - 1);
  }

  /** The last は before, unless a clause after it brought a subject of its own. */
  #topicBefore(index: number, expression: Expression): readonly Target[] {
    const { phrases, heads } = this.#structure;
    for (let each = index - 1; each >= 0; each -= 1) {
      const phrase = phrases[each];
      if (phrase !== undefined && phrase.end > expression.first) continue;
      if (phrase?.role === 'topic') {
        const target = this.#nouns.nounAt(each);
        return target === undefined ? [] : [...this.#coordinated(each), target];
      }
      const subject =
        phrase?.role === 'subject' || phrase?.role === 'also' || (phrase?.role === 'bare' && !phrase.comma);
      if (subject && heads[each] !== index && !this.#sameClause(each, index)) {
        const topic = this.#topicOf(heads[each] ?? -1);
        return topic;
      }
    }
    return [];
  }

  /** The topic of a clause that has a subject besides: この店は of この店は料理が美味しくて安い. */
  #topicOf(clause: number): readonly Target[] {
    const topic = this.#structure.dependents[clause]?.find((each) => this.#structure.phrases[each]?.role === 'topic');
    const target = topic === undefined ? undefined : this.#nouns.nounAt(topic);
    return target === undefined ? [] : [target];
  }

  #sameClause(one: number, other: number): boolean {
    return this.#structure.heads[one] === this.#structure.heads[other] && this.#structure.heads[one] !== -1;
  }
}

/** What the customer cannot do or does not want to for what was said before: 足音がうるさくて眠れない. */
function isExperience({ lemma, form }: Expression): boolean {
  return form.negated && own.test(lemma);
}

const own =
  /^(?:眠れる|寝れる|寝られる|休める|座れる|楽しめる|進める|集中できる|くつろげる|落ち着ける|遊べる|開ける|歩ける|行ける|通える|待てる|行く|通う|来る|泊まる|買う|住む|使う|食べる|飲む|利用)$/;

/** Whether it may judge as it stands: 届く does where it is denied. */
function judges({ entries, built, denials }: Expression): boolean {
  return built !== undefined || denials > 0 || entries.some(({ polarity }) => polarity !== 0);
}

/** Feelings take their cause with に or を. */
export function takesCause({ entries }: Expression): boolean {
  return entries.some(({ feeling }) => feeling);
}

function unique(targets: readonly Target[]): Target[] {
  return targets.filter(({ first }, index) => targets.findIndex((each) => each.first === first) === index);
}
