/**
 * How many instances a service has, by what they use. {@link blackhole.orchestrator.scaling.Scaler}
 * decides without clock or threads: samples and time come in, a verdict with its reason comes out.
 * {@link blackhole.orchestrator.scaling.AutoScaler} asks it once in each {@code sample_interval}.
 */
@NullMarked
package blackhole.orchestrator.scaling;

import org.jspecify.annotations.NullMarked;
