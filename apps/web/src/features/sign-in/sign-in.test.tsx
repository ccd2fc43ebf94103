import { cleanup, fireEvent, render, screen } from '@solidjs/testing-library';
import { createRoot } from 'solid-js';
import { afterEach, test, vi } from 'vitest';

import { ApiError } from '../../api/api-error.ts';
import type { Credentials } from '../../api/auth.ts';
import { I18nProvider } from '../../i18n/context.tsx';
import { en } from '../../i18n/en/en.ts';
import { createI18n } from '../../i18n/i18n.ts';
import { readDemoAccounts } from './demo-accounts.ts';
import { parseNextPath } from './next-path.ts';
import { SignInForm } from './sign-in-form.tsx';

const demo = { name: 'Demo user', email: 'user@demo.local', password: 'demo' };

const fill = (label: string, value: string) => {
  fireEvent.input(screen.getByLabelText(label), { target: { value } });
};
const submit = () => fireEvent.submit(screen.getByRole('form', { name: 'Sign in' }));

function show(onSubmit: (credentials: Credentials) => Promise<void>, accounts = [demo]) {
  const i18n = createRoot(() => createI18n({ locale: 'en', dictionary: en }));
  render(() => (
    <I18nProvider value={i18n}>
      <SignInForm accounts={accounts} onSubmit={onSubmit} />
    </I18nProvider>
  ));
}

afterEach(cleanup);

test('what is typed is sent', async ({ expect }) => {
  const send = vi.fn<(credentials: Credentials) => Promise<void>>(() => Promise.resolve());
  show(send);
  fill('Email', ' ada@example.com ');
  fill('Password', ' s3cret ');
  submit();
  expect(send.mock.calls).toEqual([[{ email: 'ada@example.com', password: ' s3cret ' }]]);
});

test('an empty field is named, and nothing is sent', ({ expect }) => {
  const send = vi.fn<(credentials: Credentials) => Promise<void>>(() => Promise.resolve());
  show(send);
  fill('Email', 'ada@example.com');
  submit();
  expect(screen.getByText(en['signIn.passwordMissing'])).toBeDefined();
  expect(screen.getByLabelText('Password').getAttribute('aria-invalid')).toBe('true');
  expect(send).not.toHaveBeenCalled();
});

test('a wrong password is told without saying which of the two was wrong', async ({ expect }) => {
  show(() => Promise.reject(new ApiError(401, 'INVALID_EMAIL_OR_PASSWORD')));
  fill('Email', 'ada@example.com');
  fill('Password', 'wrong');
  submit();
  expect((await screen.findByRole('alert')).textContent).toContain(en['signIn.wrong']);
});

test('a server that fails says so, with the request id', async ({ expect }) => {
  show(() => Promise.reject(new ApiError(500, null, { requestId: 'req_77' })));
  fill('Email', 'ada@example.com');
  fill('Password', 'right');
  submit();
  expect((await screen.findByRole('alert')).textContent).toContain('req_77');
});

test('password managers recognise the fields', ({ expect }) => {
  show(() => Promise.resolve());
  expect(screen.getByLabelText('Email').getAttribute('autocomplete')).toBe('username');
  expect(screen.getByLabelText('Password').getAttribute('autocomplete')).toBe('current-password');
});

test('a demo account signs in with one press; without a demo there is no hint', async ({ expect }) => {
  const send = vi.fn<(credentials: Credentials) => Promise<void>>(() => Promise.resolve());
  show(send);
  fireEvent.click(screen.getByRole('button', { name: 'Use Demo user' }));
  expect(send.mock.calls).toEqual([[{ email: demo.email, password: demo.password }]]);
  cleanup();
  show(send, []);
  expect(screen.queryByText(en['signIn.demo.title'])).toBeNull();
});

test('only a server that is a demo names accounts', ({ expect }) => {
  expect(readDemoAccounts({ status: 'ok' })).toEqual([]);
  expect(readDemoAccounts({ accounts: [demo, { name: 'half' }] })).toEqual([demo]);
});

test.for([
  ['/sessions?state=failed', '/sessions?state=failed'],
  ['//evil.example', '/'],
  ['/\\evil.example', '/'],
  ['https://evil.example', '/'],
  ['/login?next=/login', '/'],
])('after the sign-in %s leads to %s', ([wanted, path], { expect }) => {
  expect(parseNextPath(wanted)).toBe(path);
});
