/* flags: --target=aarch64-linux-gnu */
/* Inline asm of arm64: the atomics extension, exclusive pairs, barriers, alternatives. */
typedef unsigned char u8;
typedef unsigned int u32;
typedef unsigned long u64;
#define LSE ".arch_extension lse\n"
#define ALTERNATIVE(old, new) \
	".if 1 == 1\n661:\n\t" old "\n662:\n.pushsection .altinstructions,\"a\"\n .word 661b - .\n" \
	".popsection\n.subsection 1\n663:\n\t" new "\n664:\n" \
	"\t.org . - (664b-663b) + (662b-661b)\n\t.previous\n.endif\n"

u64 cas(u64 *p, u64 old, u64 new)
{
	asm volatile(LSE "	casal	%x[old], %x[new], %[v]\n"
		     : [v] "+Q" (*p), [old] "+r" (old) : [new] "rZ" (new) : "memory");
	return old;
}

u64 cas_loop(u64 *p, u64 old, u64 new)
{
	u64 tmp, was;

	asm volatile("	prfm	pstl1strm, %[v]\n"
		     "1:	ldxr	%[was], %[v]\n"
		     "	eor	%[tmp], %[was], %[old]\n"
		     "	cbnz	%[tmp], 2f\n"
		     "	stlxr	%w[tmp], %[new], %[v]\n"
		     "	cbnz	%w[tmp], 1b\n"
		     "	dmb ish\n"
		     "2:"
		     : [tmp] "=&r" (tmp), [was] "=&r" (was), [v] "+Q" (*p)
		     : [old] "Lr" (old), [new] "r" (new) : "memory");
	return was;
}

/* Of a longer word the low half is compared; of a byte the whole register is. */
u32 cas_loop_narrow(u32 *p, u8 *q, u64 old, u32 new)
{
	u64 tmp, was, byte;

	asm volatile("1:	ldxr	%w1, %2\n	eor	%w0, %w1, %w3\n	cbnz	%w0, 2f\n"
		     "	stxr	%w0, %w4, %2\n	cbnz	%w0, 1b\n2:"
		     : "=&r" (tmp), "=&r" (was), "+Q" (*p) : "Kr" (old), "r" (new));
	asm volatile("1:	ldxrb	%w1, %2\n	eor	%w0, %w1, %w3\n	cbnz	%w0, 2f\n"
		     "	stxrb	%w0, %w4, %2\n	cbnz	%w0, 1b\n2:"
		     : "=&r" (tmp), "=&r" (byte), "+Q" (*q) : "Kr" (old), "r" (new));
	return was + byte;
}

u32 fetches(u32 *v, u32 i)
{
	u32 a, b, c;

	asm volatile(LSE "	ldaddal	%w2, %w1, %0" : "+Q" (*v), "=r" (a) : "r" (i) : "memory");
	asm volatile(LSE "	ldclr	%w2, %w1, %0" : "+Q" (*v), "=r" (b) : "r" (i));
	asm volatile(LSE "	swpal	%w2, %w1, %0" : "+Q" (*v), "=r" (c) : "r" (i) : "memory");
	asm volatile(LSE "	stset	%w1, %0" : "+Q" (*v) : "r" (i));
	return a + b + c;
}

u32 loops(u32 *v, u32 i)
{
	u32 old, new, tmp, only;

	asm volatile("// atomic_fetch_sub_release\n"
		     "	prfm	pstl1strm, %3\n"
		     "1:	ldxr	%w0, %3\n"
		     "	sub	%w1, %w0, %w4\n"
		     "	stlxr	%w2, %w1, %3\n"
		     "	cbnz	%w2, 1b\n"
		     : "=&r" (old), "=&r" (new), "=&r" (tmp), "+Q" (*v) : "Jr" (i) : "memory");
	asm volatile("1:	ldxr	%w0, %2\n	bic	%w0, %w0, %w3\n"
		     "	stxr	%w1, %w0, %2\n	cbnz	%w1, 1b\n"
		     : "=&r" (only), "=&r" (tmp), "+Q" (*v) : "r" (i));
	asm volatile("1:	ldxr	%w0, %2\n	stlxr	%w1, %w3, %2\n	cbnz	%w1, 1b\n"
		     : "=&r" (tmp), "=&r" (tmp), "+Q" (*v) : "r" (i) : "memory");
	return old + new + only;
}

/* Not the pair's own register, the wrong way out, another memory. */
u32 not_loops(u32 *v, u32 *w, u32 i)
{
	u32 old, new, tmp;

	asm volatile("1:	ldxr	%w0, %3\n	add	%w1, %w4, %w4\n"
		     "	stxr	%w2, %w1, %3\n	cbnz	%w2, 1b\n"
		     : "=&r" (old), "=&r" (new), "=&r" (tmp), "+Q" (*v) : "r" (i));
	asm volatile("1:	ldxr	%w0, %3\n	add	%w1, %w0, %w4\n"
		     "	stxr	%w2, %w1, %3\n	cbz	%w2, 1b\n"
		     : "=&r" (old), "=&r" (new), "=&r" (tmp), "+Q" (*v) : "r" (i));
	asm volatile("1:	ldxr	%w0, %3\n	add	%w1, %w0, %w5\n"
		     "	stxr	%w2, %w1, %4\n	cbnz	%w2, 1b\n"
		     : "=&r" (old), "=&r" (new), "=&r" (tmp), "+Q" (*v), "+Q" (*w) : "r" (i));
	return old + new;
}

u8 acquire_release(u8 *p, u32 *q, u32 v)
{
	u8 was;

	asm volatile("ldarb	%w0, %1" : "=r" (was) : "Q" (*p) : "memory");
	asm volatile("stlr	%w1, %0" : "=Q" (*q) : "rZ" (v) : "memory");
	return was;
}

/* A device's register: by an operand that is its memory, and by its address. */
u32 device(volatile u32 *reg, u32 v)
{
	u32 was;

	asm volatile("str	%w0, %1" : : "rZ" (v), "Qo" (*reg));
	asm volatile("str	%w0, [%1]" : : "rZ" (v), "r" (reg));
	asm volatile(ALTERNATIVE("ldr %w0, [%1]", "ldar %w0, [%1]") : "=r" (was) : "r" (reg));
	return was;
}

int patched(void)
{
	asm goto(ALTERNATIVE("nop", "b	%l[yes]") : : : : yes);
	return 0;
yes:
	return 1;
}

u64 processor(u64 v)
{
	u64 flags;

	asm volatile("	.macro	msr_s, sreg, rt\n	.inst	(0xd5000000|(\\sreg))\n	.endm\n"
		     "	msr_s	1, x0\n" : : "r" (v));
	asm volatile("mrs	%0, daif" : "=r" (flags));
	asm volatile("msr	daifset, #3\n	dsb	sy\n	isb" : : : "memory");
	return flags;
}

void warn(int bad)
{
	if (bad)
		asm volatile(".pushsection __bug_table,\"aw\"; .align 2; 14470: .long 14471f - .; "
			     ".short 1; .popsection; 14471: brk 0x800");
}

/* Memory that no operand names. */
void not_known(u64 *p)
{
	asm volatile("dc	zva, %0" : : "r" (p) : "memory");
	asm volatile("stp	xzr, xzr, [%0]" : : "r" (p));
}
