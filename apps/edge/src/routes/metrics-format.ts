import type { MetricFamily, MetricSample } from '@ephemera/api';

/** Of the two text formats, the one that a scraper asks for by `Accept`. */
export type MetricsFormat = 'prometheus' | 'openmetrics';

export const METRICS_TYPES: Readonly<Record<MetricsFormat, string>> = {
  prometheus: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
};

export function chooseMetricsFormat(accept: string | undefined): MetricsFormat {
  return accept?.toLowerCase().includes('application/openmetrics-text') === true
    ? 'openmetrics'
    : 'prometheus';
}

function escapeText(text: string): string {
  return text.replaceAll('\\', String.raw`\\`).replaceAll('\n', String.raw`\n`);
}

function formatLabels(labels: MetricSample['labels']): string {
  const pairs = Object.entries(labels).map(
    ([name, value]) => `${name}="${escapeText(value).replaceAll('"', String.raw`\"`)}"`,
  );
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function formatFamily({ name, type, help, samples }: MetricFamily, format: MetricsFormat): string {
  // The older format calls a counter as its samples are called.
  const family = type === 'counter' && format === 'prometheus' ? `${name}_total` : name;
  const own = type === 'counter' ? '_total' : '';
  const lines = samples.map(
    ({ suffix, labels, value }) => `${name}${suffix ?? own}${formatLabels(labels)} ${value}\n`,
  );
  return `# HELP ${family} ${escapeText(help)}\n# TYPE ${family} ${type}\n${lines.join('')}`;
}

export function formatMetrics(families: readonly MetricFamily[], format: MetricsFormat): string {
  const text = families.map((family) => formatFamily(family, format)).join('');
  return format === 'openmetrics' ? `${text}# EOF\n` : text;
}
