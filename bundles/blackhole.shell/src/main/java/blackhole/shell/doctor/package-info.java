/** What is commonly wrong with a node, and what to do about it. */
@NullMarked
package blackhole.shell.doctor;

import org.jspecify.annotations.NullMarked;
