import Monitor from 'lucide-solid/icons/monitor';
import Moon from 'lucide-solid/icons/moon';
import Sun from 'lucide-solid/icons/sun';
import type { JSX } from 'solid-js';

import { useI18n } from '../../i18n/context.tsx';
import { usePreferences } from '../../preferences.ts';
import { Segmented } from '../../ui/segmented.tsx';

export function ThemePicker(props: { name: string }): JSX.Element {
  const { t } = useI18n();
  const preferences = usePreferences();
  return (
    <Segmented
      name={props.name}
      label={t('theme.label')}
      value={preferences.theme()}
      onChange={preferences.setTheme}
      segments={[
        { value: 'system', label: t('theme.system'), icon: <Monitor aria-hidden="true" /> },
        { value: 'light', label: t('theme.light'), icon: <Sun aria-hidden="true" /> },
        { value: 'dark', label: t('theme.dark'), icon: <Moon aria-hidden="true" /> },
      ]}
    />
  );
}
