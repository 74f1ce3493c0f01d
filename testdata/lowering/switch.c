/* Ranges, fallthrough, a default in the middle, cases inside of other statements. */
int f(int);

int ranges(int n, unsigned char c)
{
	switch (n) {
	case -3 ... -1:
		f(1);
		__attribute__((fallthrough));
	default:
		f(2);
	case 7:
		break;
	case 9: case 10:
		return 1;
	}
	switch (c) {
	case 200 ... 255: return 2;
	}
	return 3;
}

int inside(int n, int *p)
{
	switch (n & 3)
	case 0: do { *p++ = 1;
	case 1:      *p++ = 2;
		if (n) {
	case 2:      f(1);
		}
	} while (--n > 0);
	return n;
}
