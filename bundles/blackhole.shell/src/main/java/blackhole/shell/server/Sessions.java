package blackhole.shell.server;

import blackhole.api.host.NodeHome;
import blackhole.shell.gogo.GogoRuntime;
import java.util.List;
import java.util.function.Supplier;

/**
 * What every session needs of the node.
 *
 * @param runtime makes Gogo on first use
 * @param targets the names that {@code SERVICE[-N]} may be
 */
record Sessions(
    Supplier<GogoRuntime> runtime, Supplier<List<String>> targets, NodeHome home, String nodeId) {}
