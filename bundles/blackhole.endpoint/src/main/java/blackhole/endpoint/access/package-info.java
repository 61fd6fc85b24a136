/** Who calls, and whether a method may be called by them. */
@NullMarked
package blackhole.endpoint.access;

import org.jspecify.annotations.NullMarked;
