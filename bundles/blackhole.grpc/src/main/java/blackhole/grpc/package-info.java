/** What Blackhole adds to grpc-java where its public API ends. */
@NullMarked
package blackhole.grpc;

import org.jspecify.annotations.NullMarked;
