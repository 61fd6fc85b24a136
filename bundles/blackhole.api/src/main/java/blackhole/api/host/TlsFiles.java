package blackhole.api.host;

import java.nio.file.Path;

/**
 * What a process proves by TLS who it is with, all in PEM. The files may be replaced while it runs.
 *
 * @param certificate the node's, followed by those between it and the authority
 * @param key the certificate's, in PKCS #8 without a password
 * @param certificateAuthority whom certificates of others must be signed by; one or more
 */
public record TlsFiles(Path certificate, Path key, Path certificateAuthority) {}
