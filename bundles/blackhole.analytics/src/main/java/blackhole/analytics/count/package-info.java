/** Events, and what they come to; knows neither gRPC nor a store. */
@NullMarked
package blackhole.analytics.count;

import org.jspecify.annotations.NullMarked;
