/**
 * OSGi's log service on top of {@code java.util.logging}, and slf4j beside it, for services that
 * log by either.
 */
@NullMarked
package blackhole.logging;

import org.jspecify.annotations.NullMarked;
