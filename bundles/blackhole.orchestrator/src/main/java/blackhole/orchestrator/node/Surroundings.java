package blackhole.orchestrator.node;

import blackhole.api.host.Lifecycle;
import blackhole.api.process.ProcessLauncher;
import blackhole.api.rpc.Endpoint;
import blackhole.api.rpc.SocketChannels;
import java.io.PrintStream;

/** The services and streams that a node stands on. */
record Surroundings(
    Lifecycle lifecycle,
    ProcessLauncher processes,
    SocketChannels channels,
    Endpoint endpoint,
    Publisher publisher,
    PrintStream out,
    PrintStream err) {}
