/** What calls meet that come while handlers make way for others. */
@NullMarked
package blackhole.endpoint.gate;

import org.jspecify.annotations.NullMarked;
