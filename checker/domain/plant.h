/* SPDX-License-Identifier: MIT */
/*
 * plant.h - bugs planted for the tests
 *
 * PLANT(n, good, bad) is good. In the one test program that is built with
 * PROTFLOW_PLANT, it is bad while protflow_plant is n: the test shows that the
 * soundness tests see a mistake in each transfer function.
 */
#ifndef PF_DOMAIN_PLANT_H
#define PF_DOMAIN_PLANT_H

#define PLANTS 72		/* of the domain: 1 .. */
#define ENGINE_PLANT 101	/* the first of the engine */
#define ENGINE_PLANTS 34

#ifdef PROTFLOW_PLANT
extern int protflow_plant;
#define PLANT(n, good, bad) (protflow_plant == (n) ? (bad) : (good))
#else
#define PLANT(n, good, bad) (good)
#endif

#endif
