// One account in one region: the action API, and where bytes go. What the parts of the adapter share.
import type { HttpClient } from '../../http/index.ts';
import type { Clock, UcloudstackProfile } from '../../model/index.ts';
import type { ActionApi } from './api.ts';
import { ActionTransport } from './transport.ts';

/** Made without sending anything. */
export class Session implements ActionApi {
  readonly profile: UcloudstackProfile;
  readonly region: string;
  /** The cloud's name in messages. */
  readonly label: string;
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly transport: ActionTransport;

  constructor(parts: { profile: UcloudstackProfile; http: HttpClient; clock: Clock; region: string }) {
    const { profile } = parts;
    this.profile = profile;
    this.region = parts.region;
    this.http = parts.http;
    this.clock = parts.clock;
    this.label = `ucloudstack "${profile.name}"`;
    this.transport = new ActionTransport({
      http: parts.http,
      profile,
      context: {
        cloud: this.label,
        endpointHint: `Check the endpoint of profile "${profile.name}"; it ends in /api on most installations.`,
      },
    });
  }
}
