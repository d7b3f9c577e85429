// The public types of the embedded cloud: what it is started with and what it hands back. Types only.
import type { FaultPanel } from './faults.ts';

/** One answered (or cut) request, as handed to `onRequest`. Never holds a header, a query value or a body. */
export interface RequestLogEntry {
  /** `iam`, `ims`, `obs`, `keystone`, `glance`, `ucloudstack`, `ucloudstack-s3` or `control`. */
  service: string;
  /** Absent for services that have no region. */
  region?: string | undefined;
  method: string;
  /** Path with the names of the query parameters, without their values. */
  path: string;
  /** Status sent; 0 when the connection ended without a reply. */
  status: number;
  /** From the request's headers to the end of the reply, in whole milliseconds. */
  ms: number;
  /** Bytes of the request's body that were read. */
  bytesIn: number;
  /** Bytes of the reply's body that were handed to the socket. */
  bytesOut: number;
  /** Kind of the fault that was applied, when there was one. */
  fault?: string | undefined;
  /** What went wrong inside the embedded cloud when it answered 500 on its own: a defect of it, or of the disk. */
  error?: string | undefined;
}

/**
 * What the object store does with the bytes of objects and parts. `keep`: to disk. `discard`: counted, hashed and thrown
 * away as they arrive. `discard-unchecked`: thrown away without a look, so that a benchmark measures its clients; an ETag is
 * then the client's Content-MD5, or a stand-in with a hyphen, which no client takes for an MD5. Sizes, lists, ETags and
 * completion stay right in all of them; what was thrown away cannot be read or imported: that ends in a 500.
 * Image services that take bytes themselves always keep them.
 */
export type ObjectBytes = 'keep' | 'discard' | 'discard-unchecked';

/** A server's certificate and its key, in PEM. */
export interface LocalCertificate {
  /** The certificate of the services, with those above it. Must be good for the host that is listened on. */
  certificate: string;
  privateKey: string;
}

/** How to start the embedded cloud. */
export interface LocalCloudOptions {
  /** Directory that holds everything it stores. A restart with the same directory finds everything again. */
  dataDir: string;
  /** Address to listen on; anything that is not loopback is refused. Default `127.0.0.1`. */
  host?: string | undefined;
  /** First of consecutive ports. 0 or absent: the former ports of this directory if they are free, else free ports. */
  basePort?: number | undefined;
  /** Names of the regions. Default `local-1` and `local-2`. */
  regions?: readonly string[] | undefined;
  /** How long a job takes from INIT over RUNNING to SUCCESS or FAIL, in milliseconds. Default 1500. */
  jobDurationMs?: number | undefined;
  /** How long a token is good, in milliseconds. Default 24 hours. */
  tokenLifetimeMs?: number | undefined;
  /** Private images that one project may have in one region. Default 50. */
  imageQuota?: number | undefined;
  /** Largest file that can be imported, in bytes. Default 128 GiB. */
  maxImportSizeBytes?: number | undefined;
  /** Default `keep`. */
  objectBytes?: ObjectBytes | undefined;
  /**
   * Serves everything but the control port over TLS. Profiles then name the certificate as `ca_file`. Imports by URL
   * from this cloud itself fail: its own downloads trust only the system's authorities.
   */
  tls?: LocalCertificate | undefined;
  /** Tells the time in milliseconds since the epoch. Default the system's clock. */
  clock?: { now(): number } | undefined;
  /** Called after each request. */
  onRequest?: ((entry: RequestLogEntry) => void) | undefined;
}

/** What an account is in the OpenStack family: a user with a role in one project, in the domain `Default`. */
export interface LocalOpenstackAccount {
  domainId: string;
  domainName: string;
  userId: string;
  userName: string;
  password: string;
  projectId: string;
  projectName: string;
  /** `admin`, `member`, `reader`. */
  roles: readonly string[];
  applicationCredential: { id: string; name: string; secret: string };
}

/** What an account is in the UCloudStack family: a tenant with one project group and a pair of keys. */
export interface LocalUcloudstackAccount {
  companyId: number;
  companyName: string;
  email: string;
  projectId: string;
  publicKey: string;
  privateKey: string;
  /** May work on base images. */
  admin: boolean;
}

/** An account of the embedded cloud with its credentials. Secret: never print it. */
export interface LocalAccount {
  domain: string;
  domainId: string;
  user: string;
  userId: string;
  password: string;
  accessKey: string;
  secretKey: string;
  /** Region name to the id of the project that has the region's name. */
  projects: Readonly<Record<string, string>>;
  openstack: LocalOpenstackAccount;
  ucloudstack: LocalUcloudstackAccount;
}

/** An image as it lies in the embedded cloud, whoever owns it. */
export interface StoredImage {
  family: 'huaweicloud' | 'openstack' | 'ucloudstack';
  region: string;
  projectId: string;
  id: string;
  name: string;
  /** As the image service reports it: `active`, `Used`, `saving`, … */
  status: string;
  sizeBytes: number;
  /** Of the stored bytes, in hex; absent while the image has none. */
  sha256?: string | undefined;
  tags: Readonly<Record<string, string>>;
}

/** A multipart upload that is neither complete nor aborted. */
export interface UnfinishedUpload {
  region: string;
  bucket: string;
  key: string;
  uploadId: string;
  parts: number;
  /** Sum of the parts' sizes. */
  sizeBytes: number;
}

/** Addresses of the services of one region. */
export interface LocalRegionEndpoints {
  ims: string;
  /** The object store: S3 and OBS. */
  obs: string;
  glance: string;
  /** Takes the parts of local uploads, and serves `/s3/download`. */
  ucloudstackS3: string;
}

/** Addresses of the services, each without a path and without a trailing slash. */
export interface LocalEndpoints {
  iam: string;
  keystone: string;
  /** The action API; requests go to its path `/api`. */
  ucloudstack: string;
  regions: Readonly<Record<string, LocalRegionEndpoints>>;
  /** Fault panel and health; without authentication, for this machine only. */
  control: string;
}

/** A running embedded cloud. */
export interface LocalCloud {
  readonly endpoints: LocalEndpoints;
  /** Three accounts: `acme`, `partner`, and `operator`, who is the administrator of the OpenStack and UCloudStack families. */
  readonly accounts: readonly LocalAccount[];
  /** A profile file (YAML, mode 0600) with one profile per account and family: `local`, `partner`, `local-openstack`, … */
  readonly profilesPath: string;
  /** Injects faults; the same panel as over HTTP on the control port. */
  readonly faults: FaultPanel;
  /** Every image that users made, with the SHA-256 of its bytes. Reads the bytes the first time. */
  storedImages(): Promise<StoredImage[]>;
  /** Multipart uploads that still hold parts; empty when nobody left anything behind. */
  unfinishedUploads(): Promise<UnfinishedUpload[]>;
  /** Closes every connection and stops listening, within a second. Leaves nothing running. May be called twice. */
  close(): Promise<void>;
}
