// A bucket service by itself: any S3-compatible server. Puts signer, transport and targets together.
import { HttpClient, type HttpClientOptions } from '../../http/index.ts';
import { type BucketSettings, type BucketStore, InvalidInputError, systemClock } from '../../model/index.ts';
import * as api from './api.ts';
import { s3Errors } from './s3-errors.ts';
import { v4Signer } from './signer.ts';
import { ObsTarget, S3_LIMITS } from './target.ts';
import { ObsTransport } from './transport.ts';

/**
 * Opens a bucket service. Sends nothing.
 * @throws InvalidInputError when the endpoint is no URL, or the file of certificates cannot be used
 */
export function openBucketStore(settings: BucketSettings, options: HttpClientOptions = {}): BucketStore {
  const base = endpointOf(settings.endpoint);
  const name = `s3:${base.origin}`;
  const http = new HttpClient({ ...options, connection: settings.connection });
  const keys = () => ({
    accessKey: settings.accessKey,
    secretKey: settings.secretKey.reveal(),
    securityToken: settings.securityToken?.reveal(),
  });
  const transport = new ObsTransport({
    http,
    base,
    pathStyle: settings.pathStyle,
    signer: v4Signer(keys, settings.region, options.clock ?? systemClock),
    errors: s3Errors,
    context: { cloud: name, endpointHint: `Check the endpoint ${base.origin}.` },
  });
  const { region } = settings;
  const target = (bucket: string, key: string) =>
    new ObsTarget(transport, { cloud: name, region, bucket, key }, S3_LIMITS);
  return {
    name,
    place: { endpoint: base.href, region, pathStyle: settings.pathStyle },
    target,
    hasBucket: (bucket, call) => api.headBucket(transport, bucket, call),
    listUnfinishedUploads: (bucket, call) => api.listUploads(transport, bucket, '', call),
    abortUnfinishedUpload: ({ bucket, key, uploadId }, call) => target(bucket, key).abort(uploadId, call),
    close: () => http.close(),
  };
}

function endpointOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol) && url.username === '' && url.search === '')
    return url;
  throw new InvalidInputError({
    operation: 'open the bucket service',
    reason: 'its endpoint is not an http or https URL, or holds credentials',
    hint: 'Give the URL of the service alone, e.g. https://s3.example.com.',
  });
}
