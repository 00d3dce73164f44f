/** What pwa/offline/release.py writes at the beginning of /sw.js. */
declare const RELEASE: {
  digest: string;
  languages: string[];
  files: Record<string, string>;
  pages: string[];
  aliases: Record<string, string>;
  looks: {icon: string; badge: string};
};

/** TypeScript's own library knows a worker of a page only; these are of a service worker (Service Workers, W3C). */
declare const clients: Clients;
declare const registration: ServiceWorkerRegistration;
declare function skipWaiting(): Promise<void>;
declare function addEventListener<K extends keyof ServiceWorkerGlobalScopeEventMap>(
  type: K,
  listener: (event: ServiceWorkerGlobalScopeEventMap[K]) => void,
): void;
interface MessageEvent extends ExtendableEvent {}
