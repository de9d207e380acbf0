import { leastSquares, type WeightedRow } from './least-squares.ts';
import { netPromoterScore, type Recommendations, recommendationOf } from './nps.ts';
import { poissonNumber, seededRandom } from './seeded-random.ts';
import { shapleyShares } from './shapley.ts';

/** One answer to the recommendation question, with what its author spoke of. */
export interface DriverAnswer {
  /** 0 to 10. */
  readonly answer: number;
  /** 1 where the topic is praised, -1 where it is criticised, 0 where both or neither; absent topics are left out. */
  readonly topics: ReadonlyMap<string, -1 | 0 | 1>;
}

/** What one topic does to the net promoter score. */
export interface Driver {
  readonly topic: string;
  /** Answers that speak of it. */
  readonly answers: number;
  /** Points that the score has because of the answers that criticise it: the score less the score without them. */
  readonly loudness: number;
  /** Points by which an answer is higher where the topic is praised than where it is not spoken of, others equal. */
  readonly effect: number;
  /** 95 % interval of the effect. */
  readonly interval: readonly [low: number, high: number];
  /** Part of the variance of answers that the topic explains, from 0 to 1. */
  readonly share: number;
}

/** Drivers of the net promoter score of a group of answers. */
export interface DriverReport {
  readonly answers: number;
  readonly score: number;
  /** Variance of answers that all topics together explain, from 0 to 1. */
  readonly explained: number;
  /** Whether there are fewer than ten answers for each topic: the figures are then mostly chance. */
  readonly tooFew: boolean;
  /** Strongest effect first. */
  readonly drivers: readonly Driver[];
}

const resamples = 300;
const answersPerTopic = 10;
const points = { promoters: 100, passives: 0, detractors: -100 } as const;

/**
 * What drives the net promoter score. Loudness blames every topic that unhappy customers mention; the effect holds
 * the topics mentioned together with it constant; the share divides what is explained among them.
 *
 * @returns undefined without answers
 *
 * Sources: least squares on the topics; its interval by the Poisson bootstrap (N. Chamandy et al., "Estimating
 * uncertainty for massive data streams", Google, 2012); shares after R. H. Lindeman, P. F. Merenda, R. Z. Gold,
 * "Introduction to Bivariate and Multivariate Analysis" (1980), from a fixed seed.
 */
export function findDrivers(answers: readonly DriverAnswer[], seed = 1): DriverReport | undefined {
  const total = scoreOf(answers);
  if (total === undefined) return undefined;
  const topics = [...new Set(answers.flatMap((answer) => [...answer.topics.keys()]))].sort();
  const rows = distinctRows(answers, topics);
  const effects = leastSquares(rows, topics.length);
  const intervals = bootstrap(rows, topics.length, seed);
  const { shares, explained } = shapleyShares(rows, topics.length, seed);
  const drivers = topics.map((topic, at): Driver => {
    const without = scoreOf(answers.filter((answer) => answer.topics.get(topic) !== -1));
    return {
      topic,
      answers: answers.filter((answer) => answer.topics.has(topic)).length,
      loudness: total - (without ?? 0),
      effect: effects[at] ?? 0,
      interval: intervals[at] ?? [0, 0],
      share: shares[at] ?? 0,
    };
  });
  return {
    answers: answers.length,
    score: total,
    explained,
    tooFew: answers.length < answersPerTopic * topics.length,
    drivers: drivers.sort((one, other) => Math.abs(other.effect) - Math.abs(one.effect)),
  };
}

function scoreOf(answers: readonly DriverAnswer[]): number | undefined {
  const groups: { -readonly [group in keyof Recommendations]: number } = { promoters: 0, passives: 0, detractors: 0 };
  for (const { answer } of answers) groups[recommendationOf(answer)]++;
  return netPromoterScore(groups)?.score;
}

/** Equal answers become one row with a weight: thousands of answers make a few hundred rows. */
function distinctRows(answers: readonly DriverAnswer[], topics: readonly string[]): WeightedRow[] {
  const columns = new Map(topics.map((topic, column) => [topic, column]));
  const rows = new Map<string, { features: [number, number][]; value: number; weight: number }>();
  for (const { answer, topics: spoken } of answers) {
    const features = [...spoken]
      .flatMap(([topic, sign]): [number, number][] => (sign === 0 ? [] : [[columns.get(topic) ?? 0, sign]]))
      .sort(([one], [other]) => one - other);
    const value = points[recommendationOf(answer)];
    const key = `${value}:${features.join(';')}`;
    const row = rows.get(key);
    if (row === undefined) rows.set(key, { features, value, weight: 1 });
    else row.weight++;
  }
  return [...rows.values()];
}

function bootstrap(rows: readonly WeightedRow[], width: number, seed: number): [number, number][] {
  const random = seededRandom(seed);
  const drawn = Array.from({ length: resamples }, () =>
    leastSquares(
      rows.map((row) => ({ ...row, weight: poissonNumber(row.weight, random) })),
      width,
    ),
  );
  return Array.from({ length: width }, (_, column) => {
    const effects = drawn.map((effect) => effect[column] ?? 0).sort((one, other) => one - other);
    const at = (quantile: number) => effects[Math.round(quantile * (effects.length - 1))] ?? 0;
    return [at(0.025), at(0.975)];
  });
}
