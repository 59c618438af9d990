import { ASK_ADMINISTRATOR } from "./errors.ts";

/** The codes of undici when a proxy opens no tunnel, asks for other credentials or can't be reached over TLS. */
const PROXY_REFUSED = new Set(["UND_ERR_ABORTED", "UND_ERR_INVALID_ARG", "UND_ERR_PRX_TLS"]);

/**
 * What is wrong with the address of the model when the connection shows it, by the system's code of the failure; undefined
 * when the server is out of reach. Such a fault stays until somebody corrects the configuration.
 */
export function addressFault(code: string | undefined): string | undefined {
  if (code === undefined) return undefined;
  if (code === "CERT_HAS_EXPIRED") {
    return `The certificate of the model's address is not trusted, because it has expired. ${ASK_ADMINISTRATOR} to have it renewed.`;
  }
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") {
    return `The certificate of the model's address is not trusted, because it is for another host. ${ASK_ADMINISTRATOR} to correct the base URL.`;
  }
  if (/CERT|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER/.test(code)) {
    return `The certificate of the model's address is not trusted. ${ASK_ADMINISTRATOR} to correct the base URL or to name the certificate authority.`;
  }
  if (/^(EPROTO|ERR_SSL_)/.test(code)) {
    return `The model's address does not speak https. ${ASK_ADMINISTRATOR} to correct the base URL.`;
  }
  if (code.startsWith("HPE_"))
    return `The model's address does not speak HTTP. ${ASK_ADMINISTRATOR} to correct the base URL.`;
  if (code === "BAD_PORT") {
    return `The port of the model's address belongs to another protocol and is not used for HTTP. ${ASK_ADMINISTRATOR} to use another port.`;
  }
  if (PROXY_REFUSED.has(code)) {
    return `The proxy does not let the assistant reach the model. ${ASK_ADMINISTRATOR} to check the proxy's address and rules.`;
  }
  return undefined;
}

/** The system's code of a failure, such as `ECONNREFUSED`. It may be wrapped several times. */
export function systemCodeOf(error: unknown): string | undefined {
  let inner: unknown = error;
  for (let depth = 0; depth < 5 && inner instanceof Error; depth++) {
    // These two have no code: an answer that is not HTTP, and a port that fetch refuses (Fetch standard, "port blocking").
    if (inner.name === "HTTPParserError") return "HPE_INVALID";
    if (inner.message === "bad port") return "BAD_PORT";
    if ("code" in inner && typeof inner.code === "string" && /^[A-Z][A-Z0-9_]{1,63}$/.test(inner.code))
      return inner.code;
    inner = inner instanceof AggregateError ? inner.errors[0] : inner.cause;
  }
  return undefined;
}
