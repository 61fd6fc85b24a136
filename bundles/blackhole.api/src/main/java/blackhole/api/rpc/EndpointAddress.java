package blackhole.api.rpc;

import java.nio.file.Path;
import java.util.OptionalInt;

/**
 * Where an endpoint listens.
 *
 * @param service the configured service name, under which health is answered beside the gRPC names
 * @param socket the Unix socket to bind; made with mode 0600
 * @param port a TCP port on the loopback interface; empty for none
 * @param maxMessageSizeBytes the largest message that is accepted
 */
public record EndpointAddress(
    String service, Path socket, OptionalInt port, int maxMessageSizeBytes) {}
