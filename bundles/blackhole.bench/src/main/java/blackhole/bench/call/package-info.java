/** What a call costs: through our client and endpoint, and through grpc-java alone. */
@NullMarked
package blackhole.bench.call;

import org.jspecify.annotations.NullMarked;
