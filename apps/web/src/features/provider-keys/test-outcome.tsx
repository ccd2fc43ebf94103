import CircleAlert from 'lucide-solid/icons/circle-alert';
import CircleCheck from 'lucide-solid/icons/circle-check';
import LoaderCircle from 'lucide-solid/icons/loader-circle';
import { Match, Show, Switch } from 'solid-js';
import type { JSX } from 'solid-js';

import type { ActionState } from '../../ui/action.ts';
import { Notice } from '../../ui/states.tsx';
import { KeyErrorNotice } from './key-error.tsx';
import type { KeyMessage } from './key-text.ts';
import { useKeyText } from './key-text.ts';
import type { TestResult } from './key-types.ts';

const WORDS: Readonly<Record<string, KeyMessage>> = {
  invalid_api_key: 'test.invalid_api_key',
  key_rejected: 'test.invalid_api_key',
  account_deactivated: 'test.account_deactivated',
  insufficient_quota: 'test.insufficient_quota',
  quota_exhausted: 'test.insufficient_quota',
  billing_hard_limit_reached: 'test.billing_hard_limit_reached',
  rate_limit_exceeded: 'test.rate_limited',
  rate_limited: 'test.rate_limited',
  forbidden: 'test.forbidden',
  server_error: 'test.server_error',
  timeout: 'test.timeout',
  unreachable: 'test.unreachable',
  invalid_answer: 'test.invalid_answer',
};

/** By the code, else by the status: a provider may answer with no code at all. */
export function findTestMessage({ ok, code, status }: Omit<TestResult, 'message' | 'latencyMs'>): KeyMessage {
  if (ok) return 'test.ok';
  const known = code === null ? undefined : WORDS[code];
  if (known !== undefined) return known;
  if (status === 401) return 'test.invalid_api_key';
  if (status === 403) return 'test.forbidden';
  if (status === 429) return 'test.rate_limited';
  return status !== null && status >= 500 ? 'test.server_error' : 'test.failed';
}

export function TestWords(props: { result: TestResult }): JSX.Element {
  const { t, format } = useKeyText();
  const latency = () => format().milliseconds(props.result.latencyMs);
  const facts = () =>
    props.result.status === null
      ? t('test.noAnswer', { latency: latency() })
      : t('test.facts', { status: String(props.result.status), latency: latency() });
  return (
    <Notice
      tone={props.result.ok ? 'success' : 'danger'}
      icon={props.result.ok ? <CircleCheck aria-hidden="true" /> : <CircleAlert aria-hidden="true" />}
    >
      <p class="font-medium">{t(findTestMessage(props.result), { latency: latency() })}</p>
      <Show when={!props.result.ok}>
        <p class="figures">{facts()}</p>
      </Show>
    </Notice>
  );
}

/** A test in words, whatever became of it. Told politely when it changes. */
export function TestOutcome(props: { state: ActionState<TestResult> }): JSX.Element {
  const { t } = useKeyText();
  const result = () => (props.state.status === 'done' ? props.state.value : null);
  const failure = () => (props.state.status === 'failed' ? { error: props.state.error } : null);
  return (
    <div aria-live="polite" data-testid="test-outcome" class="empty:hidden">
      <Switch>
        <Match when={props.state.status === 'running'}>
          <p class="flex items-center gap-2 py-2 text-table text-text-2">
            <LoaderCircle aria-hidden="true" class="size-4 animate-turn" />
            {t('test.running')}
          </p>
        </Match>
        <Match when={result()}>{(done) => <TestWords result={done()} />}</Match>
        <Match when={failure()}>{(failed) => <KeyErrorNotice error={failed().error} />}</Match>
      </Switch>
    </div>
  );
}
