import tailwindcss from '@tailwindcss/vite';
import { defineConfig } from 'vite';
import solid from 'vite-plugin-solid';

const broker = process.env['BROKER_URL'] ?? 'http://127.0.0.1:8787';
const brokerPaths = ['/trpc', '/api', '/v1', '/healthz', '/.well-known'];

export default defineConfig({
  plugins: [solid(), tailwindcss()],
  build: {
    target: 'es2023',
    // A data: URL would need a wider content security policy than 'self'.
    assetsInlineLimit: 0,
    // Every browser with the APIs a call needs preloads modules by itself.
    modulePreload: { polyfill: false },
  },
  server: {
    host: '127.0.0.1',
    proxy: Object.fromEntries(brokerPaths.map((path) => [path, { target: broker }])),
  },
});
