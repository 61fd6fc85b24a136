/**
 * The only room that knows the operating system. It is Linux: processes are told apart, found and
 * measured by {@code /proc}, and ended by the group.
 */
@NullMarked
package blackhole.process;

import org.jspecify.annotations.NullMarked;
