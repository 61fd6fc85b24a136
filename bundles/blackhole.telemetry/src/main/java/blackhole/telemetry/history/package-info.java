/** Samples in files of a fixed size, and series made of them; knows no gRPC. */
@NullMarked
package blackhole.telemetry.history;

import org.jspecify.annotations.NullMarked;
