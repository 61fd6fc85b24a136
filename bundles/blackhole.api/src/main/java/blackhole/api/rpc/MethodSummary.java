package blackhole.api.rpc;

import blackhole.api.registry.Idempotency;

/**
 * A method, as its service describes it.
 *
 * @param name {@code package.Service/Method}
 * @param requestType the message's full name
 * @param responseType the message's full name
 */
public record MethodSummary(
    String name,
    String requestType,
    String responseType,
    boolean clientStreaming,
    boolean serverStreaming,
    Idempotency idempotency) {}
