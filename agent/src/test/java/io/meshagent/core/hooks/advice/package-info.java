/**
 * What each hook is to do, said in Java and written by Byte Buddy: the measure of what {@code
 * HookedMethod} writes. Names nothing but the Door and the JDK.
 */
package io.meshagent.core.hooks.advice;
