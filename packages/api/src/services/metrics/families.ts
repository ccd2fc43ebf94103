/** A metric as both text formats know it. A counter's name is without `_total`, which belongs to its samples. */
export type MetricFamily = {
  name: string;
  type: 'counter' | 'gauge' | 'summary';
  help: string;
  samples: readonly MetricSample[];
};

export type MetricSample = {
  /** `_sum` and `_count` of a summary. */
  suffix?: '_sum' | '_count';
  labels: Readonly<Record<string, string>>;
  value: number;
};

type Description = { name: string; help: string };

export function counter(description: Description, samples: readonly MetricSample[]): MetricFamily {
  return { ...description, type: 'counter', samples };
}

export function gauge(description: Description, samples: readonly MetricSample[]): MetricFamily {
  return { ...description, type: 'gauge', samples };
}

export function summary(description: Description, samples: readonly MetricSample[]): MetricFamily {
  return { ...description, type: 'summary', samples };
}
