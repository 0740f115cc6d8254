/** A value of JSON. What is of this type belongs to an adapter: nobody else reads it. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };
