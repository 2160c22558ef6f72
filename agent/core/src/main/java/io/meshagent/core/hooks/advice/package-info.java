/**
 * The code that is copied into methods of gRPC: each calls what stands behind the Door and nothing
 * else, swallows what goes wrong, and does nothing while the Door is shut. NAMES NOTHING BUT THE
 * DOOR AND THE JDK, because it runs in the program's classes.
 *
 * <p>Imports: nothing of ours.
 */
package io.meshagent.core.hooks.advice;
