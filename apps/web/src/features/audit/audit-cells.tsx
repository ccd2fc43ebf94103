import Ban from 'lucide-solid/icons/ban';
import Bot from 'lucide-solid/icons/bot';
import Check from 'lucide-solid/icons/check';
import Cpu from 'lucide-solid/icons/cpu';
import CircleHelp from 'lucide-solid/icons/circle-question-mark';
import KeyRound from 'lucide-solid/icons/key-round';
import Server from 'lucide-solid/icons/server';
import TriangleAlert from 'lucide-solid/icons/triangle-alert';
import User from 'lucide-solid/icons/user';
import UserCog from 'lucide-solid/icons/user-cog';
import { Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { Dynamic } from 'solid-js/web';

import { Badge } from '../../ui/badge.tsx';
import type { Tone } from '../../ui/badge.tsx';
import { truncateMiddle } from '../../ui/id-chip.tsx';
import { Nothing } from '../../ui/panel.tsx';
import { useAuditText } from './audit-text.ts';
import { AUDIT_RESULTS } from './audit-types.ts';
import type { AuditEntry, AuditResult } from './audit-types.ts';

const ACTOR_ICONS = {
  user: User,
  operator: UserCog,
  access_key: KeyRound,
  internal: Server,
  node: Cpu,
  anonymous: CircleHelp,
  system: Bot,
} as const;
type ActorKind = keyof typeof ACTOR_ICONS;

function isActorKind(kind: string): kind is ActorKind {
  return kind in ACTOR_ICONS;
}

const RESULTS: Readonly<Record<AuditResult, { tone: Tone; icon: typeof Check }>> = {
  ok: { tone: 'success', icon: Check },
  denied: { tone: 'danger', icon: Ban },
  failed: { tone: 'warning', icon: TriangleAlert },
};

export function ResultBadge(props: { result: string }): JSX.Element {
  const { t } = useAuditText();
  const known = () => AUDIT_RESULTS.find((result) => result === props.result);
  return (
    <Show when={known()} fallback={props.result}>
      {(result) => (
        <Badge
          tone={RESULTS[result()].tone}
          icon={<Dynamic component={RESULTS[result()].icon} aria-hidden="true" />}
        >
          {t(`result.${result()}`)}
        </Badge>
      )}
    </Show>
  );
}

/** The kind of a later version of the server keeps its own word. */
export function createActorWords() {
  const { t } = useAuditText();
  return (kind: string) => (isActorKind(kind) ? t(`actor.${kind}`) : kind);
}

export function ActorCell(props: { entry: AuditEntry }): JSX.Element {
  const kindWords = createActorWords();
  const icon = () => (isActorKind(props.entry.actorKind) ? ACTOR_ICONS[props.entry.actorKind] : CircleHelp);
  const name = () => props.entry.actorName ?? props.entry.actorId;
  return (
    <span class="flex min-w-0 items-center gap-2">
      <Dynamic component={icon()} aria-hidden="true" class="size-4 shrink-0 text-text-3" />
      <Show when={name()} fallback={<span class="truncate">{kindWords(props.entry.actorKind)}</span>}>
        {(shown) => (
          <span class="min-w-0 truncate" title={props.entry.actorId ?? undefined}>
            <span class="sr-only">{kindWords(props.entry.actorKind)} </span>
            {props.entry.actorName ?? truncateMiddle(shown(), 12, 4)}
          </span>
        )}
      </Show>
    </span>
  );
}

export function TargetCell(props: { entry: AuditEntry }): JSX.Element {
  return (
    <Show when={props.entry.target} fallback={<Nothing />}>
      {(target) => (
        <span class="font-mono text-caption" title={target()}>
          {truncateMiddle(target(), 14, 6)}
        </span>
      )}
    </Show>
  );
}
