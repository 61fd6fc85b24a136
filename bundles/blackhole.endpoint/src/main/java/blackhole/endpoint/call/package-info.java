/** What happens to every call, whichever service it is for. */
@NullMarked
package blackhole.endpoint.call;

import org.jspecify.annotations.NullMarked;
