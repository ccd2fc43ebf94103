/** One chunk: whoever makes the first account sees both, one after the other. */
export { SetupPage } from './setup-page.tsx';
export { WelcomePage } from '../welcome/welcome-page.tsx';
