/**
 * From the bytes of {@code blackhole.yaml} to a {@link blackhole.orchestrator.config.NodeConfig},
 * or to everything that is wrong with them. Entry point: {@link
 * blackhole.orchestrator.config.parser.ConfigParser}.
 */
@NullMarked
package blackhole.orchestrator.config.parser;

import org.jspecify.annotations.NullMarked;
