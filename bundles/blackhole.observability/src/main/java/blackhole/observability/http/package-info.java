/** How others are told over HTTP. */
@NullMarked
package blackhole.observability.http;

import org.jspecify.annotations.NullMarked;
