import { cleanup, fireEvent, render, screen } from '@solidjs/testing-library';
import { createRoot } from 'solid-js';
import { afterEach, test, vi } from 'vitest';

import { I18nProvider } from '../i18n/context.tsx';
import { en } from '../i18n/en/en.ts';
import { createI18n } from '../i18n/i18n.ts';
import { TypedConfirm } from './typed-confirm.tsx';

function show(isBusy: boolean) {
  const confirm = vi.fn<() => void>();
  const i18n = createRoot(() => createI18n({ locale: 'en', dictionary: en }));
  render(() => (
    <I18nProvider value={i18n}>
      <TypedConfirm
        title="Delete “Spare”?"
        name="Spare"
        submitLabel="Delete"
        isBusy={isBusy}
        failure={null}
        onConfirm={confirm}
        onClose={() => undefined}
      >
        It is gone then.
      </TypedConfirm>
    </I18nProvider>
  ));
  const field = screen.getByLabelText('Type “Spare” to confirm');
  const button = screen.getByRole<HTMLButtonElement>('button', { name: 'Delete' });
  const type = (value: string) => fireEvent.input(field, { target: { value } });
  const submit = () => field.closest('form')?.requestSubmit();
  return { confirm, button, type, submit };
}

afterEach(cleanup);

test('only the whole name confirms, whatever stands around it', ({ expect }) => {
  const { confirm, button, type, submit } = show(false);
  for (const wrong of ['', 'Spar', 'spare']) {
    type(wrong);
    submit();
    expect([wrong, button.disabled, confirm.mock.calls.length]).toEqual([wrong, true, 0]);
  }
  type(' Spare ');
  submit();
  expect([button.disabled, confirm.mock.calls.length]).toEqual([false, 1]);
});

test('while it is under way nothing is sent a second time', ({ expect }) => {
  const { confirm, button, type, submit } = show(true);
  type('Spare');
  submit();
  expect([button.disabled, confirm.mock.calls.length]).toEqual([true, 0]);
});
