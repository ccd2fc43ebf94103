import type { JSX } from 'solid-js';

import { useI18n } from '../i18n/context.tsx';
import { Segmented } from './segmented.tsx';

export type View = 'chart' | 'table';

/** The same numbers as a picture or as a table. */
export function ViewChoice(props: { name: string; view: View; onChange: (view: View) => void }): JSX.Element {
  const { t } = useI18n();
  return (
    <Segmented
      name={props.name}
      isCompact
      label={t('view.label')}
      value={props.view}
      segments={[
        { value: 'chart', label: t('view.chart') },
        { value: 'table', label: t('view.table') },
      ]}
      onChange={(value) => props.onChange(value)}
    />
  );
}
