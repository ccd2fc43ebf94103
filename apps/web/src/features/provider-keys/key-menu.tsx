import Ellipsis from 'lucide-solid/icons/ellipsis';
import Hourglass from 'lucide-solid/icons/hourglass';
import PlugZap from 'lucide-solid/icons/plug-zap';
import Power from 'lucide-solid/icons/power';
import PowerOff from 'lucide-solid/icons/power-off';
import RotateCcwKey from 'lucide-solid/icons/rotate-ccw-key';
import Trash from 'lucide-solid/icons/trash';
import type { JSX } from 'solid-js';
import { Dynamic } from 'solid-js/web';

import { buttonClass } from '../../ui/button.tsx';
import { Menu } from '../../ui/menu.tsx';
import { listActions } from './key-actions.ts';
import type { KeyAction, PoolFacts } from './key-actions.ts';
import { useKeyText } from './key-text.ts';
import type { KeySummary } from './key-types.ts';

export const ACTION_ICONS: Readonly<Record<KeyAction, typeof Power>> = {
  test: PlugZap,
  rotate: RotateCcwKey,
  enable: Power,
  disable: PowerOff,
  drain: Hourglass,
  delete: Trash,
};

const ROUND =
  'relative grid size-8 place-items-center rounded-control text-text-2 hover:bg-muted hover:text-text touch-target';

/** All that can be done with one key; what cannot be done now says why. */
export function KeyMenu(props: {
  summary: KeySummary;
  pool: PoolFacts;
  /** Without those that the page shows as buttons. */
  except?: readonly KeyAction[];
  hasWord?: boolean;
  onChoose: (action: KeyAction) => void;
}): JSX.Element {
  const { t } = useKeyText();
  const offered = () =>
    listActions(props.summary, props.pool).filter(({ action }) => props.except?.includes(action) !== true);
  const items = () =>
    offered().map(({ action, blockedBy }) => ({
      id: action,
      label: t(`action.${action}`),
      icon: <Dynamic component={ACTION_ICONS[action]} aria-hidden="true" />,
      isDanger: action === 'delete',
      blockedBy: blockedBy === null ? null : t(blockedBy),
    }));
  function choose(id: string): void {
    const found = offered().find(({ action }) => action === id);
    if (found !== undefined) props.onChoose(found.action);
  }
  return (
    <Menu
      label={t('menu.label', { name: props.summary.name })}
      items={items()}
      onChoose={choose}
      hasWord={props.hasWord === true}
      triggerClass={props.hasWord === true ? buttonClass('secondary') : ROUND}
    >
      <Ellipsis aria-hidden="true" class="size-4.5" />
      {props.hasWord === true ? t('menu.more') : null}
    </Menu>
  );
}
