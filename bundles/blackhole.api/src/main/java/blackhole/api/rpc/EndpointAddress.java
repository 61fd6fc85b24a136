package blackhole.api.rpc;

import blackhole.api.host.TlsFiles;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Where an endpoint listens, and what it takes.
 *
 * @param service the configured service name, under which health is answered beside the gRPC names
 * @param socket the Unix socket to bind; made with mode 0600
 * @param port a TCP port; empty for none
 * @param tls what the TCP port proves by mutual TLS who it is with; empty for plaintext, which is
 *     on the loopback interface only
 * @param maxMessageSizeBytes the largest message that is accepted
 * @param rateLimit calls started per second, burst the same; empty for no limit
 */
public record EndpointAddress(
    String service,
    Path socket,
    OptionalInt port,
    Optional<TlsFiles> tls,
    int maxMessageSizeBytes,
    OptionalInt rateLimit) {}
