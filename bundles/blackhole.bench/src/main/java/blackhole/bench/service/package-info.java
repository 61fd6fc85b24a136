/** How the measured service is served: as a bundle, in a framework, and by grpc-java alone. */
@NullMarked
package blackhole.bench.service;

import org.jspecify.annotations.NullMarked;
