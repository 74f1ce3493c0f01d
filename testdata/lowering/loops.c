/* Loops with missing clauses, which libclang shows without saying which. */
int f(int);

int clauses(int n)
{
	int i = 0;

	for (;;)
		if (f(1))
			break;
	for (; n < 3;)
		n = f(2);
	for (i = 3;;)
		if (f(i))
			break;
	for (;; i++)
		if (f(i))
			break;
	for (; i < 9; i++)
		f(3);
	for (i = 0; i < 5;)
		i += f(4);
	for (i = 0;; i++)
		if (f(5))
			break;
	for (int k = 0; k < n; k++)
		f(k);
	return i;
}

int others(int n)
{
	while (n--) {
		if (f(n))
			continue;
		do {
			if (f(1))
				break;
		} while (n & 1);
	}
	return n;
}

/* A text of a loop in a string is no loop. */
const char *text(int n)
{
	const char *s = "for (;;)";

	for (; n;)
		n--;
	return s;
}
