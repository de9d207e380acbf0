/** A differentiable function: returns its value at a point and writes its gradient there. */
export type Objective = (point: Float64Array, gradient: Float64Array) => number;

/** When to stop. */
export interface MinimumOptions {
  readonly iterations: number;
  /** Relative decrease of the value below which it is good enough. */
  readonly tolerance: number;
}

const remembered = 8;

/**
 * Finds the minimum of a convex function from a starting point. L-BFGS with a backtracking line search: J. Nocedal and
 * S. Wright, "Numerical Optimization" (2006), algorithms 7.4 and 3.1.
 */
export function minimumOf(
  objective: Objective,
  start: Float64Array,
  { iterations, tolerance }: MinimumOptions,
): Float64Array {
  let point = start.slice();
  let gradient = new Float64Array(start.length);
  let value = objective(point, gradient);
  const steps: { change: Float64Array; turn: Float64Array; curvature: number }[] = [];
  for (let iteration = 0; iteration < iterations; iteration++) {
    const direction = descent(gradient, steps);
    const slope = dot(gradient, direction);
    if (slope >= 0) break;
    let size = steps.length === 0 ? Math.min(1, 1 / Math.sqrt(dot(gradient, gradient))) : 1;
    const nextGradient = new Float64Array(start.length);
    let next = point;
    let nextValue = Number.POSITIVE_INFINITY;
    for (let tries = 0; tries < 30; tries++) {
      next = point.map((coordinate, index) => coordinate + size * (direction[index] as number));
      nextValue = objective(next, nextGradient);
      if (nextValue <= value + 1e-4 * size * slope) break;
      size /= 2;
    }
    if (!(nextValue < value)) break;
    const change = next.map((coordinate, index) => coordinate - (point[index] as number));
    const turn = nextGradient.map((coordinate, index) => coordinate - (gradient[index] as number));
    const curvature = dot(change, turn);
    if (curvature > 1e-12) steps.push({ change, turn, curvature });
    if (steps.length > remembered) steps.shift();
    const gain = (value - nextValue) / Math.max(1, Math.abs(value));
    point = next;
    gradient = nextGradient;
    value = nextValue;
    if (gain < tolerance) break;
  }
  return point;
}

function descent(
  gradient: Float64Array,
  steps: readonly { change: Float64Array; turn: Float64Array; curvature: number }[],
): Float64Array {
  const direction = gradient.map((coordinate) => -coordinate);
  const shares: number[] = [];
  for (const { change, turn, curvature } of steps.toReversed()) {
    const share = dot(change, direction) / curvature;
    shares.unshift(share);
    add(direction, turn, -share);
  }
  const newest = steps.at(-1);
  if (newest !== undefined) {
    const scale = newest.curvature / dot(newest.turn, newest.turn);
    direction.forEach((coordinate, index) => {
      direction[index] = coordinate * scale;
    });
  }
  for (const [index, { change, turn, curvature }] of steps.entries()) {
    add(direction, change, (shares[index] ?? 0) - dot(turn, direction) / curvature);
  }
  return direction;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += (a[index] as number) * (b[index] as number);
  return sum;
}

function add(target: Float64Array, source: Float64Array, factor: number): void {
  for (let index = 0; index < target.length; index++) {
    target[index] = (target[index] as number) + factor * (source[index] as number);
  }
}
