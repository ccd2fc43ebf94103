import type { JSX } from 'solid-js';

import { CheckList } from '../../ui/check-list.tsx';
import { useNodeText } from './node-text.ts';
import { NODE_SCOPES } from './node-types.ts';

/** What a node may do, each with what it means. */
export function ScopesField(props: {
  chosen: readonly string[];
  error: string | null;
  onChange: (chosen: string[]) => void;
}): JSX.Element {
  const { t } = useNodeText();
  return (
    <CheckList
      id="node-scopes"
      label={t('identity.scopes')}
      error={props.error}
      chosen={props.chosen}
      options={NODE_SCOPES.map((scope) => ({
        value: scope,
        label: scope,
        hint: t(`scope.${scope}`),
        isMono: true,
      }))}
      onChange={props.onChange}
    />
  );
}
