package blackhole.orchestrator.node;

import blackhole.api.process.ProcessIdentity;
import java.nio.file.Path;

/**
 * A host that runs, as the next orchestrator must know it to tell it from a stranger.
 *
 * @param token what the process has in its environment, and nobody else
 * @param socket the socket that it binds; of a spare, the one that it warms up with
 * @param link the stable path that points there
 */
record HostRecord(String hostId, ProcessIdentity process, String token, Path socket, Path link) {}
