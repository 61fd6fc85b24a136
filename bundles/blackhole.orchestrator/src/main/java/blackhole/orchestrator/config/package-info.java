/**
 * The configuration of a node: {@code blackhole.yaml}, checked whole and turned into plain records.
 * It knows no OSGi and no gRPC, because {@code launcher.jar check} runs it before there is either.
 */
@NullMarked
package blackhole.orchestrator.config;

import org.jspecify.annotations.NullMarked;
