// The stock SDK as its users write it: an agent, a session, connect with the ek_ from the broker.
import { OpenAIRealtimeWebRTC, RealtimeAgent, RealtimeSession } from '@openai/agents-realtime';

export type AgentsPage = {
  talk(secret: string, callsUrl: string): Promise<void>;
  transcript(): string[];
  /** Root mean square of what the page would play. */
  remoteLevel(): number;
};

declare global {
  interface Window {
    agentsPage?: AgentsPage;
  }
}

function createMeter(element: HTMLAudioElement): () => number {
  let analyser: AnalyserNode | null = null;
  return () => {
    if (!analyser && element.srcObject instanceof MediaStream) {
      const context = new AudioContext();
      analyser = context.createAnalyser();
      context.createMediaStreamSource(element.srcObject).connect(analyser);
    }
    if (!analyser) return 0;
    const samples = new Float32Array(analyser.fftSize);
    analyser.getFloatTimeDomainData(samples);
    return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
  };
}

const audioElement = document.createElement('audio');
let session: RealtimeSession | null = null;

window.agentsPage = {
  async talk(secret, callsUrl) {
    const agent = new RealtimeAgent({ name: 'Tester', instructions: 'Answer briefly.' });
    const transport = new OpenAIRealtimeWebRTC({ baseUrl: callsUrl, audioElement });
    session = new RealtimeSession(agent, { transport, model: 'gpt-realtime-2.1' });
    await session.connect({ apiKey: secret });
  },
  transcript() {
    const items = session?.history ?? [];
    return items.flatMap((item) => {
      if (item.type !== 'message') return [];
      const texts = item.content.map((part) =>
        'transcript' in part ? part.transcript : 'text' in part ? part.text : '',
      );
      return texts.filter(Boolean).map((text) => `${item.role}: ${text}`);
    });
  },
  remoteLevel: createMeter(audioElement),
};
