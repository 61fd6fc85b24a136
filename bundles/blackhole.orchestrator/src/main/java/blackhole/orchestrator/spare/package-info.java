/**
 * Hosts that are started before anybody needs them: what one is started with, how many there are,
 * and who gets one. Knows no cgroups, files or streams.
 */
@NullMarked
package blackhole.orchestrator.spare;

import org.jspecify.annotations.NullMarked;
