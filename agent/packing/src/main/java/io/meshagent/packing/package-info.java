/**
 * Packs the layers into one archive, at build time: what nobody can reach stays out, and what a
 * start needs is stored as it is. Says what is in it, and gathers and looks over the files that are
 * handed out. JDK only, and Byte Buddy's ASM.
 */
package io.meshagent.packing;
