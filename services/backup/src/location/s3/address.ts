/** How to reach a bucket, and with which keys. */
export interface S3Settings {
  /** Address of the storage, without the bucket. */
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  /** Whether the bucket stands in the path, or before the host name. */
  readonly pathStyle: boolean;
  /** PEM file with the authority of the storage; without it the system's. */
  readonly caFile?: string | undefined;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

/** Where a request goes. */
export interface Address {
  readonly secure: boolean;
  readonly hostname: string;
  readonly port: string;
  /** For the header `Host`. */
  readonly host: string;
  readonly path: string;
}

/** The address of an object, or of the bucket itself. Query values are encoded; a value that is empty stays a bare name. */
export function addressOf(
  { endpoint, bucket, pathStyle }: S3Settings,
  key: string,
  query: Readonly<Record<string, string>> = {},
): Address {
  const url = new URL(endpoint);
  const hostname = pathStyle ? url.hostname : `${bucket}.${url.hostname}`;
  const base = url.pathname.replace(/\/+$/, "");
  const segments = [...(pathStyle ? [bucket] : []), ...(key === "" ? [] : key.split("/"))].map(encode);
  const parameters = Object.entries(query).map(([name, value]) => `${encode(name)}=${encode(value)}`);
  const path = `${base}/${segments.join("/")}${parameters.length === 0 ? "" : `?${parameters.join("&")}`}`;
  const secure = url.protocol === "https:";
  return {
    secure,
    hostname: hostname.replace(/^\[(.*)\]$/, "$1"),
    port: url.port || (secure ? "443" : "80"),
    host: url.port === "" ? hostname : `${hostname}:${url.port}`,
    path,
  };
}

/** As RFC 3986 and the signature of a request want it. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
}
