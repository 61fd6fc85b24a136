/**
 * What is seen of a node from outside, with the tools that operators have. It ships in every
 * process; what it costs a host is counted with its start and its calls.
 */
@NullMarked
package blackhole.observability;

import org.jspecify.annotations.NullMarked;
