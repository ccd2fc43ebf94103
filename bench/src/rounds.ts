import type { Sample, Sampler, Shape } from './sampler.ts';
import { shuffle } from './statistics.ts';
import type { Target, TargetName } from './target.ts';

/** One quiet sample of every target, taken one after the other: what a paired ratio is made of. */
export type Round = Readonly<Partial<Record<TargetName, Sample>>>;

export type Rounds = {
  complete: Round[];
  /** Samples thrown away because others used too much of the machine. */
  rejected: number;
  /** Rounds given up because one target never got a quiet sample. */
  incomplete: number;
};

export type RoundsOptions = {
  sampler: Sampler;
  targets: readonly Target[];
  shape: Shape;
  wanted: number;
  foreignShare: number;
  budgetMs: number;
  random: () => number;
  onProgress: (text: string) => void;
};

const ATTEMPTS_PER_SAMPLE = 4;

async function takeQuietSample(
  options: RoundsOptions,
  target: Target,
  deadline: number,
): Promise<{ sample: Sample | null; rejected: number }> {
  let rejected = 0;
  while (rejected < ATTEMPTS_PER_SAMPLE && performance.now() < deadline) {
    const sample = await options.sampler.sample(target, options.shape);
    if (sample.foreignShare <= options.foreignShare) return { sample, rejected };
    rejected += 1;
  }
  return { sample: null, rejected };
}

async function runRound(
  options: RoundsOptions,
  deadline: number,
): Promise<{ round: Round | null; rejected: number }> {
  const round: Partial<Record<TargetName, Sample>> = {};
  let rejected = 0;
  for (const target of shuffle(options.targets, options.random)) {
    const taken = await takeQuietSample(options, target, deadline);
    rejected += taken.rejected;
    if (taken.sample === null) return { round: null, rejected };
    round[target.name] = taken.sample;
  }
  return { round, rejected };
}

/** Repeats rounds until enough are complete or the time is used up. */
export async function runRounds(options: RoundsOptions): Promise<Rounds> {
  const rounds: Rounds = { complete: [], rejected: 0, incomplete: 0 };
  const deadline = performance.now() + options.budgetMs;
  while (rounds.complete.length < options.wanted && performance.now() < deadline) {
    const { round, rejected } = await runRound(options, deadline);
    rounds.rejected += rejected;
    if (round === null) rounds.incomplete += 1;
    else rounds.complete.push(round);
    options.onProgress(
      `round ${rounds.complete.length} of ${options.wanted}` +
        (rounds.rejected > 0 ? `, ${rounds.rejected} noisy samples thrown away` : ''),
    );
  }
  return rounds;
}
