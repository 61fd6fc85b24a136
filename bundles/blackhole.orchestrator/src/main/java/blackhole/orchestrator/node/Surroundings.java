package blackhole.orchestrator.node;

import blackhole.api.host.Lifecycle;
import blackhole.api.observe.SpanSink;
import blackhole.api.process.ProcessLauncher;
import blackhole.api.process.ProcessLimiter;
import blackhole.api.process.ProcessSampler;
import blackhole.api.rpc.CallStatistics;
import blackhole.api.rpc.Channels;
import blackhole.api.rpc.Endpoint;
import blackhole.api.rpc.NodeChannels;
import blackhole.api.rpc.SocketChannels;
import blackhole.api.supervision.AuditTrail;
import java.io.PrintStream;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * The services and streams that a node stands on.
 *
 * @param nodeChannels comes once it is published who this node is
 * @param services the ways to this node's services; they come as {@code nodeChannels} do
 * @param calls what this process has called; empty as long as nobody counts that
 * @param audit who keeps what is changed; empty as long as nobody does
 * @param spans who keeps what is traced; empty as long as nobody does
 */
record Surroundings(
    Lifecycle lifecycle,
    ProcessLauncher processes,
    ProcessSampler processSampler,
    ProcessLimiter limiter,
    SocketChannels channels,
    Endpoint endpoint,
    CompletionStage<NodeChannels> nodeChannels,
    CompletionStage<Channels> services,
    Publisher publisher,
    Supplier<Optional<CallStatistics>> calls,
    Supplier<Optional<SpanSink>> spans,
    Supplier<Optional<AuditTrail>> audit,
    PrintStream out,
    PrintStream err) {}
