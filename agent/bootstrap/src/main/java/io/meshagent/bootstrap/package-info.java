/**
 * The root of the jar, in the program's own system loader: premain, the {@link
 * io.meshagent.bootstrap.Door} and the loader of everything else. JDK 8 ONLY: no library, no
 * logging, no lambda and no NIO on the way through premain, because each of those initialises parts
 * of the JDK before the program has had its say.
 */
package io.meshagent.bootstrap;
